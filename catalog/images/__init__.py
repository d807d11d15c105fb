"""Pictures: taken in, cleaned, kept under the hash of their bytes, and given out in the sizes that channels take."""
