"""What a certificate has to show: read from its file, once, for reports and plots both."""
