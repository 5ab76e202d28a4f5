"""Services that speak SDMX: their data flows and code lists. sdmx1 and pandas stay in a process of their own."""
