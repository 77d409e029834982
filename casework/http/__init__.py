"""The roof: speaks HTTP and HTML, decides nothing."""
