import tempfile
from pathlib import Path
from tests.mistakes.observing import *
with tempfile.TemporaryDirectory() as n:
    f=Path(n); pr=make_project(f); c=check_types(pr,f/"types")
    for v in VARIANTS:
        k=f"variant_{v.name}.py"
        print("##",v.name)
        for s in (*c.mypy[k],*c.pyright[k]): print("   ",s.line,s.text)
        here=copied(pr,f/v.name); (here/PIPELINE).write_text(v.text)
        for cmd in (("compile","Fraud","--env","dev","-o","b"),("compile","Fraud","--env","prod","-o","b"),("lint",)):
            r=smgen(*cmd,cwd=here)
            if r.code or (cmd[0]=="lint" and r.out!="Fraud: no findings\n"): print(r.out+r.err)
