// braid-get's options for TLS and for proxies, against servers in this process and proxies that are not ours.
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "../http/local_server.hpp"
#include "../include/child_program.hpp"
#include "program.hpp"

using get_test::get;
using get_test::has;
using net_test::certificates;
namespace http = braid::http;
namespace net = braid::net;

namespace {

braid::awaitable<http::reply> hello(http::server_request&) { co_return http::reply::text("hello\n"); }

/// "-s --cacert FILE URL" for a server with this certificate.
std::string trusting(const client_tests::local_server& at, const std::string& host = "127.0.0.1") {
  return " -sS --cacert " + certificates::shared().ca() + " " + at.url("/", "https", host);
}

bool missing(const char* program) {
  if (child_program::installed(program)) return false;
  std::printf("SKIPPED: %s is not installed (cmake/packages.txt)\n", program);
  return true;
}

}  // namespace

TEST_CASE("a server's certificate is judged by authorities, lists and pins") {
  const certificates& all = certificates::shared();
  const client_tests::local_server good(hello, client_tests::with_certificate("good"));
  const client_tests::local_server revoked(hello, client_tests::with_certificate("revoked"));
  CHECK(get(trusting(good)).out == "hello\n");
  CHECK(get("-sS " + good.url("/", "https")).code == 60);
  CHECK(get("-sS --cacert /no/such/file " + good.url("/", "https")).code == 77);
  CHECK(get("-sS --capath " + all.folder() + " " + good.url("/", "https")).code == 60);
  CHECK(get("--crlfile " + all.crl() + trusting(good)).code == 0);
  CHECK(get(trusting(revoked)).code == 0);
  CHECK(get("--crlfile " + all.crl() + trusting(revoked)).code == 60);
  CHECK(get("--crlfile /no/such/file" + trusting(good)).code == 82);
  CHECK(get("--pinnedpubkey '" + all.pin("good") + "'" + trusting(good)).code == 0);
  CHECK(get("--pinnedpubkey '" + all.pin("other") + "'" + trusting(good)).code == 90);
  CHECK(get("-k --pinnedpubkey '" + all.pin("other") + "'" + trusting(good)).code == 90);
  for (const char* bad : {"expired", "self", "other", "incomplete"}) {
    INFO(bad);
    const client_tests::local_server at(hello, client_tests::with_certificate(bad));
    CHECK(get(trusting(at)).code == 60);
    CHECK(get("-k" + trusting(at)).code == 0);
  }
}

TEST_CASE("the certificates that a server showed can be written out") {
  const client_tests::local_server at(hello, client_tests::with_certificate("good"));
  const auto shown = get("-o /dev/null -w '%{num_certs}\n%{certs}'" + trusting(at));
  CHECK(shown.code == 0);
  CHECK_FALSE(shown.out.starts_with("0\n"));
  for (const char* const part : {"\nSubject:", "\nIssuer:", "\nExpire date:", "\n-----BEGIN CERTIFICATE-----\n"}) {
    INFO(part);
    CHECK(has(shown.out, part));
  }
  const client_tests::local_server plain(hello);
  CHECK(get("-s -o /dev/null -w '%{num_certs}|%{certs}|' " + plain.url("/")).out == "0||");
}

TEST_CASE("versions and ciphers of TLS are the user's choice") {
  http::server_options old = client_tests::with_certificate("good");
  old.tls->max_version(net::tls_version::tls_1_2);
  const client_tests::local_server at(hello, std::move(old));
  CHECK(get("--tlsv1.2" + trusting(at)).code == 0);
  CHECK(get("--tlsv1.0 --tls-max 1.2" + trusting(at)).code == 0);
  CHECK(get("--tlsv1.1" + trusting(at)).code == 0);
  CHECK(get("--tlsv1.3" + trusting(at)).code == 35);
  CHECK(get("--tls-max 4" + trusting(at)).code == 2);
  CHECK(get("--ciphers ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256" + trusting(at)).code == 0);
  CHECK(get("--ciphers no-such" + trusting(at)).code == 59);
  CHECK(get("--tls13-ciphers no-such" + trusting(at)).code == 59);
}

TEST_CASE("an own certificate is shown with --cert and --key") {
  const certificates& all = certificates::shared();
  http::server_options asking = client_tests::with_certificate("good");
  asking.tls->client_ca(all.ca());
  const client_tests::local_server at(hello, std::move(asking));
  CHECK(get(trusting(at)).code != 0);
  CHECK(get("--cert " + all.chain("good") + " --key " + all.key("good") + trusting(at)).out == "hello\n");
  CHECK(get("-E " + all.chain("good") + ":pass --key " + all.key("locked") + trusting(at)).out == "hello\n");
  CHECK(get("-E " + all.chain("good") + " --pass pass --key " + all.key("locked") + trusting(at)).out == "hello\n");
  CHECK(get("-E " + all.chain("good") + ":wrong --key " + all.key("locked") + trusting(at)).code == 58);
  CHECK(get("-E /no/such/file" + trusting(at)).code == 58);
}

TEST_CASE("connections leave from the interface or the address that is named") {
  const client_tests::local_server at(hello);
  for (const char* own : {"127.0.0.1", "127.0.0.2", "lo", "if!lo", "host!127.0.0.1"}) {
    INFO(own);
    CHECK(get("-sS --interface '" + std::string(own) + "' " + at.url("/")).out == "hello\n");
  }
  const std::string from = get("-s -o /dev/null -w '%{local_ip}' --interface 127.0.0.2 " + at.url("/")).out;
  CHECK(from == "127.0.0.2");
  CHECK(get("-sS --interface if!none " + at.url("/")).code == 45);
}

TEST_CASE("proxies of SOCKS and tunnels through HTTP proxies") {
  if (missing("microsocks") || missing("tinyproxy")) return;
  const client_tests::local_server at(hello);
  const std::uint16_t socks_port = child_program::free_port();
  const std::string number = std::to_string(socks_port);
  const child_program socks({"microsocks", "-i", "127.0.0.1", "-p", number, "-u", "us", "-P", "er"}, socks_port);
  const std::string way = "us:er@127.0.0.1:" + number;
  CHECK(get("-sS --socks5 " + way + " " + at.url("/")).out == "hello\n");
  CHECK(get("-sS --socks5-hostname " + way + " " + at.url("/", "http", "localhost")).out == "hello\n");
  CHECK(get("-sS --socks5 us:wrong@127.0.0.1:" + number + " " + at.url("/")).code == 97);
  CHECK(get("-sS --socks4 127.0.0.1:1 " + at.url("/")).code == 7);
  CHECK(get("-sS --socks4a nowhere.invalid " + at.url("/")).code == 5);

  const get_test::scratch here;
  const std::uint16_t port = child_program::free_port();
  std::ofstream(here.file("conf")) << "Port " << port << "\nListen 127.0.0.1\nMaxClients 20\nBasicAuth us er\n";
  const child_program proxy({"tinyproxy", "-d", "-c", here.file("conf")}, port);
  const std::string via = "-sS -x 127.0.0.1:" + std::to_string(port) + " -U us:er ";
  CHECK(get(via + at.url("/")).out == "hello\n");
  CHECK(get(via + "-p " + at.url("/")).out == "hello\n");
  CHECK(get(via + "-p --preproxy socks5h://" + way + " " + at.url("/")).out == "hello\n");
  CHECK(get(via + "--preproxy socks5h://us:wrong@127.0.0.1:" + number + " " + at.url("/")).code == 97);
  CHECK(get(via + "-U us:wrong -p " + at.url("/")).code == 7);
  CHECK(get(via + "--preproxy socks5h://127.0.0.1:1 " + at.url("/")).code == 7);
}

TEST_CASE("a proxy's certificate is judged by its own authorities") {
  const client_tests::local_server proxy(hello, client_tests::with_certificate("good"));
  const std::string ask = " -sS -x " + proxy.url("", "https", "127.0.0.1") + " http://nowhere.invalid/";
  const std::string ca = certificates::shared().ca();
  CHECK(get(ask).code == 60);
  CHECK(get("--cacert " + ca + ask).code == 60);  // that is for the server
  CHECK(get("--proxy-cacert " + ca + ask).out == "hello\n");
  CHECK(get("--proxy-insecure" + ask).out == "hello\n");
  CHECK(get("-k" + ask).code == 60);
  const get_test::scratch folder;
  CHECK(get("--proxy-capath " + folder.file("") + ask).code == 60);
  get_test::write(folder.file("ca.pem"), get_test::content(ca));
  REQUIRE(std::system(("openssl rehash " + folder.file("")).c_str()) == 0);
  CHECK(get("--proxy-capath " + folder.file("") + ask).out == "hello\n");
}

TEST_CASE("headers for a proxy and Digest at a proxy") {
  const get_test::server at;
  const std::string via = "-sS -x " + at.base() + " ";
  CHECK(has(get(via + "--proxy-header 'X-Own: 1' http://nowhere.invalid/echo").out, "X-Own: 1\n"));
  CHECK_FALSE(has(get("-sS --proxy-header 'X-Own: 1' " + at("/echo")).out, "X-Own"));
  CHECK(get(via + "-U us:er --proxy-digest http://nowhere.invalid/proxy-basic").out == "sign in\n");
  CHECK(get(via + "-U us:er --proxy-digest --proxy-basic http://nowhere.invalid/proxy-basic").out ==
        "Basic dXM6ZXI=\n");
  // Nothing is said before the proxy asks.
  CHECK_FALSE(has(get(via + "-U us:er --proxy-digest http://nowhere.invalid/echo").out, "Proxy-Authorization"));
  const std::string asked = get(via + "-U us:er --proxy-digest http://nowhere.invalid/proxy-digest").out;
  CHECK(has(asked,
            "Proxy-Authorization: Digest username=\"us\", realm=\"r\", nonce=\"n\", "
            "uri=\"/proxy-digest\""));
  CHECK(has(get(via + "-U us:er --proxy-anyauth http://nowhere.invalid/proxy-digest").out, "Digest username"));
}
