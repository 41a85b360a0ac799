#!/usr/bin/env python3
"""score_test.py BRAID_SERP SHARED_DIR: the parser finds what is on saved result pages.

Runs the scorer of ../shared on its pages and holds the figures against the gates. Where the expected link is an
engine's redirect (google.com/url?q=..., r.search.yahoo.com/.../RU=...), its target is expected instead, since that is
what `link` is in a record; `redirect_link` keeps the other.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
from urllib.parse import parse_qs, unquote, urlsplit

# Titles of google: one saved page of image results expects the host, the title and the size as one word. Titles of
# yahoo: since 2022 the heading holds the breadcrumb, which is displayed_link in a record but expected in the title.
GATES = {
    'google': dict(recall=0.97, precision=0.90, title=0.95, kind=0.95, blocks=0.80),
    'bing': dict(recall=0.97, precision=0.90, title=0.97, kind=0.95),
    'duckduckgo': dict(recall=0.97, precision=0.90, title=0.97, kind=0.95),
    'brave': dict(recall=0.97, precision=0.90, title=0.97, kind=0.95),
    'ecosia': dict(recall=0.97, precision=0.90, title=0.97, kind=0.95),
    'yahoo': dict(recall=0.97, precision=0.90, title=0.93, kind=0.95),
}


def target(link):
    parts = urlsplit(link)
    if re.fullmatch(r'(www\.)?google\.[a-z.]+', parts.hostname or '') and parts.path == '/url':
        query = parse_qs(parts.query)
        return next((query[k][0] for k in ('q', 'url') if k in query), link)
    hidden = re.search(r'/RU=([^/]+)/RK=', link)
    return unquote(hidden.group(1)) if hidden else link


def main():
    program, shared = sys.argv[1:3]
    pages = os.path.join(shared, 'data', 'serp-pages')
    scorer = os.path.join(shared, 'score', 'score_serp.py')
    if not os.path.exists(os.path.join(pages, 'index.jsonl')) or not os.path.exists(scorer):
        print(f'[skipped] no saved pages in {pages}')
        return 0
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.abspath(os.path.join(pages, 'pages')), os.path.join(folder, 'pages'))
        with open(os.path.join(pages, 'index.jsonl')) as rows, open(os.path.join(folder, 'index.jsonl'), 'w') as out:
            for line in rows:
                row = json.loads(line)
                for result in row['organic']:
                    result['url'] = target(result['url'])
                out.write(json.dumps(row) + '\n')
        run = subprocess.run([sys.executable, scorer, program, folder, '--json', '--engines', ','.join(GATES)],
                             capture_output=True, text=True)
    if run.returncode != 0:
        print(run.stdout, run.stderr)
        return 1
    score = json.loads(run.stdout)
    missed = list(score['failed'])
    for engine, gates in GATES.items():
        print(engine, score['table'][engine])
        for figure, least in gates.items():
            got = score['table'][engine][figure]
            if got is not None and got < least:
                missed.append(f'{engine}: {figure} is {got}, at least {least} is wanted')
    print(*missed, sep='\n')
    return 1 if missed else 0


sys.exit(main())
