"""Which cases are about what braid-get does."""

import re

from curlcase import certificates, http2_server

FEATURES = {
    "http", "proxy", "cookies", "crypto", "digest", "sha512-256", "IDN", "IPv6", "headers-api", "SSL", "OpenSSL", "SSLpinning", "Mime", "local-http", "libz", "brotli", "zstd", "UnixSockets",
    "Largefile", "http/2", "h2c", "large-time", "verbose-strings", "large-size", "netrc", "PSL", "codeset-utf8", "!SSPI", "!win32",
    "!Schannel", "!wolfssl", "!bearssl", "!mbedtls", "!hyper", "!sectransp",
}

SERVERS = {"http", "none", "http-unix", "http-ipv6", "https", "http-proxy", "socks4", "socks5", "http/2"}

# Those of curl that braid-get has, by what they are about.
HERE = """
-s --silent -S --show-error --no-silent -f --fail --fail-with-body -i --include --show-headers --no-include -I --head -o --output -O --remote-name
--remote-name-all --no-remote-name -J --remote-header-name --output-dir -L --location --max-redirs -X --request -d --data --data-ascii --data-raw
--data-binary --data-urlencode -G --get --json -F --form --form-string --form-escape -H --header -A --user-agent -e --referer -u --user --digest
--anyauth --basic --oauth2-bearer -n --netrc --netrc-file --netrc-optional --compressed --raw -0 --http1.0 --http1.1 -m --max-time --connect-timeout
--max-filesize --resolve --connect-to --unix-socket -k --insecure --cacert -w --write-out -D --dump-header -v --verbose --trace --trace-ascii
--trace-time --stderr -T --upload-file -Z --parallel --parallel-max --parallel-immediate --remove-on-error --create-dirs --url --url-query
--path-as-is -g --globoff -r --range -C --continue-at -z --time-cond --retry --retry-delay --retry-max-time --retry-all-errors
--retry-connrefused --limit-rate -Y --speed-limit -y --speed-time --expect100-timeout --no-progress-meter --progress-bar -# --location-trusted
--post301 --post302 --post303 --request-target -K --config -q --disable -N --no-buffer -: --next --no-clobber --clobber --fail-early -R
--remote-time --skip-existing --http0.9 --no-http0.9 --keepalive-time --no-keepalive --ipv4 -4 -6 --ipv6 --etag-save --etag-compare
--ignore-content-length --max-filesize --follow --out-null -a --append --proto --proto-redir --proto-default
""".split()
COOKIES = "-b --cookie -c --cookie-jar -j --junk-session-cookies".split()
PROXIES = """-x --proxy -U --proxy-user --proxytunnel -p --socks4 --socks4a --socks5 --socks5-hostname --noproxy --preproxy --proxy1.0
--proxy-basic --proxy-digest --proxy-anyauth --proxy-header --suppress-connect-headers""".split()
TLS = "--cert -E --key --capath --pinnedpubkey --tlsv1.2 --tlsv1.3 --interface --http2 --http2-prior-knowledge".split()
TAKES_VALUE = set("oXdFHAeumwDTrCzKYyUxbcU")


def options_of(command):
    """Those that a command line names, short ones one by one."""
    found = []
    for word in re.findall(r"(?:^|\s)(--?[A-Za-z0-9#:][\w.:#-]*)", re.sub(r"\"[^\"]*\"|'[^']*'", "V", command)):
        if word.startswith("--"):
            found.append(word)
            continue
        for letter in word[1:]:
            found.append("-" + letter)
            if letter in TAKES_VALUE:
                break
    return found


def certificate_of(case):
    """The certificate that the https server of a case has; None for the usual one."""
    for line in case.words("client", "server"):
        if line.startswith("https "):
            return line.split()[1].removesuffix(".pem")
    return None


def why_not(case, name, allowed):
    """Why a case is not about braid-get, or None."""
    if case.has("client", "tool"):
        return "is a test of libcurl"
    if not case.has("client", "command"):
        return "has no command"
    if case.attributes("client", "command").get("type"):
        return "runs a script"
    servers = {line.split()[0] for line in case.words("client", "server")}
    if not servers <= SERVERS:
        return "needs the server " + ", ".join(sorted(servers - SERVERS))
    if certificate_of(case) and certificate_of(case) not in certificates.NAMES:
        return "needs the certificate " + certificate_of(case)
    if "http/2" in servers and not http2_server.is_there():
        return "needs " + http2_server.NEEDED
    for feature in case.words("client", "features"):
        if feature not in FEATURES and not (feature.startswith("!") and feature[1:] not in FEATURES):
            return "needs the feature " + feature
    command = "".join(case.lines_of("client", "command"))
    if re.search(r"\b(ftps?|file|gopher|dict|smtp|imap|pop3|rtsp|mqtt|ldap|telnet|tftp|sftp|scp|ipfs|ipns|wss?)://", command):
        return "is about another protocol"
    for option in options_of(command):
        if option not in allowed:
            return "needs the option " + option
    given = "".join("".join(case.lines_of("client", part)) for part in ("file", "file1", "stdin"))
    if "-K" in command and re.search(r"^(--)?(variable|expand-)", given, re.M):
        return "needs the option --variable"
    if re.search(r"%LIBTESTS|%RESOLVE|libtest", "".join(case.lines)):
        return "needs programs of curl's"
    return None
