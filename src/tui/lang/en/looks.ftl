# looks
