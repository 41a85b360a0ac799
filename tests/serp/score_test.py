#!/usr/bin/env python3
"""score_test.py BRAID_SERP SHARED_DIR: the parser finds what is on saved result pages.

Runs the scorer of ../shared on its pages and holds the figures against the gates. Where the expected link is an
engine's redirect (google.com/url?q=..., r.search.yahoo.com/.../RU=...), its target is expected instead, since that is
what `link` is in a record; `redirect_link` keeps the other. Where it is an ad (bing.com/aclick among qwant's), it is
not expected among the organic results.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
from urllib.parse import parse_qs, unquote, urlsplit

# One saved page of google's image results expects the host, the title and the size as one word; one of yahoo's pages
# answers another query than the one that was asked. Swisscows' page is a shell that a script fills, but is listed as results.
BAR = dict(recall=0.98, precision=0.95, title=0.98, kind=0.98, blocks=0.9)
GATES = {name: dict(recall=0.98, precision=0.95, title=0.97, kind=0.95) for name in (
    'aol', 'baidu', 'bing', 'brave', 'duckduckgo', 'ecosia', 'google_scholar', 'mojeek', 'qwant', 'searxng', 'so360',
    'sogou', 'startpage', 'wikimedia', 'yandex')}
GATES |= {
    'ask': dict(recall=0.98, precision=0.95, title=0.97, kind=0.92),
    'google': dict(recall=0.98, precision=0.95, title=0.95, kind=0.98, blocks=0.93),
    'naver': dict(recall=0.98, precision=0.80, title=0.97, kind=0.95),
    'swisscows': dict(),
    'yahoo': dict(recall=0.98, precision=0.95, title=0.93, kind=0.95),
    'ALL': BAR,
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
                row['organic'] = [r for r in row['organic'] if '//www.bing.com/aclick' not in r['url']]
                for result in row['organic']:
                    result['url'] = target(result['url'])
                out.write(json.dumps(row) + '\n')
        run = subprocess.run([sys.executable, scorer, program, folder, '--json', '--engines', ','.join(g for g in GATES if g != 'ALL')],
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
