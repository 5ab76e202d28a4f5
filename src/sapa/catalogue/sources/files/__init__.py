"""Lists and classifications from files: CSV and XLSX, all of a file or nothing, each mistake with its place."""
