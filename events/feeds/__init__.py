"""The programme in formats that other programs read. Pure: values in, values out."""
