"""How other systems find and read the site: DCAT-AP.de catalogues, the DIPAS participation data standard, Open311.

Everything here shows what everyone may see and knows nobody: neither cookie nor login count.
"""
