"""Measurements and fitting: everything that needs data, peers or minutes lives here."""
