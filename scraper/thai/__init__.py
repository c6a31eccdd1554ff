"""Thai text: text in, values out. Nothing here knows of HTML, SQL or the network."""
