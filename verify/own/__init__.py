"""Claims of one's own (verify/CERTIFICATE.md, 14): parameters, a construction, conditions; verify/theorem.py is the
door.
"""
