"""The data that passes between the stages. Every type is a frozen dataclass or an enum; no stage adds its own."""
