def require_defined(text, nodes, dim):
    pass
