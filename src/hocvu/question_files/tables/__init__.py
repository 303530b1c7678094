"""Questions in rows: .xlsx, .xls, .ods, .csv, and tables inside documents."""
