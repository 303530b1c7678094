"""How serial numbers and root-register entry numbers are written."""


def serial_number(issuer_code: str, year: int, number: int) -> str:
    """Số hiệu: `HCMA-2026-000123`. Unique for ever, because issuer, year and number are."""
    return f"{issuer_code}-{year}-{number:06d}"


def register_entry_number(year: int, number: int) -> str:
    """Số vào sổ gốc: `00123/2026`, counted from 1 in every year of an issuer."""
    return f"{number:05d}/{year}"
