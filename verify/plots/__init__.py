"""Figures for papers: a certificate's exhibits drawn with matplotlib, which nothing else needs."""
