"""Smoke."""
import time
def test_front(visitor, house):
    t=time.time()
    v = visitor(390)
    v.opens("/")
    v.looks("front")
    v.looks("front", width=1280)
    print(time.time()-t)
    v = visitor(390, "daotao")
    v.opens("/home/")
    v.looks("home")
