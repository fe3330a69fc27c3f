"""One self-contained HTML page from what a certificate has to show."""
