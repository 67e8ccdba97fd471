# expect: crashed
# Raises, with a message that is text and not markup.
def attention(q, k, v):
    raise RuntimeError("<b>boom</b> {where} %s")
