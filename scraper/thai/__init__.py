"""Thai text: text in, values out. No HTML, no SQL, no network."""
