"""``marquee mirror``: keeps a folder that any web server can serve, and proves by digest that it is whole."""
