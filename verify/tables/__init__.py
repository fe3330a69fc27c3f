"""Tables for people, line by line: of verdicts, certificates, searches and proofs."""
