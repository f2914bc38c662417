# header
