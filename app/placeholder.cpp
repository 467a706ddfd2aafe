namespace convlens {}
