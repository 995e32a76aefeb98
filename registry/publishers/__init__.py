"""Publishers: the namespaces that own listings, and their members."""
