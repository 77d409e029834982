import time
def test_a(reported, assessing, admission, kin, emergency):
    for s in (reported, assessing, admission, kin, emergency):
        print(s.state, s.row["seq"], s.now)
def test_b(admission):
    t=time.time()
    r = admission.wish("admit_to_institution", host="harapan")
    admission.decide(r, "bambang"); admission.decide(r, "yusuf")
    print(admission.advance("admit_to_institution", host="harapan"), time.time()-t)
