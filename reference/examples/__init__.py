"""The bundled example submissions and the answers that they are made from."""
