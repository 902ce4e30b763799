"""The functions by domain: one file each, named as the manifest names them."""
