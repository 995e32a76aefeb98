"""``python -m marquee_client``, where ``marquee`` is not on the path."""

from marquee_client.cli import main

if __name__ == "__main__":
    main(prog_name="marquee")
