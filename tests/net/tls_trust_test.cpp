// Whom TLS trusts: authorities, chains, revocations, pinned keys, clients' certificates, versions.
#include <sys/wait.h>

#include <braid/core/error.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>

#include "tls_fixture.hpp"

using namespace net_test;
using braid::net::tls_version;
using Catch::Contains;

namespace {

/// The client's failure; "" when both ends got through.
std::string failure(tls_options client, tls_options server, const std::string& name = "localhost") {
  asio::io_context context(1);
  handshake hands;
  hands.client = std::move(client);
  hands.server = std::move(server);
  hands.name = name;
  run_on(context, context.get_executor(), hands.run());
  return hands.client_failure;
}

}  // namespace

TEST_CASE("a chain is complete or refused", "[curl-cve]") {
  CHECK(failure(client_options(), server_options("chained")) == "");
  CHECK_THAT(failure(client_options(), server_options("incomplete")),
             Contains("TLS with localhost (127.0.0.1:") && Contains("unable to get local issuer certificate"));
}

TEST_CASE("authorities may be a folder") {
  const certificates& files = certificates::shared();
  const std::string folder = files.folder() + "/authorities";
  const std::string command =
      "mkdir -p " + folder + " && cp " + files.ca() + " " + folder + " && openssl rehash " + folder;
  REQUIRE(std::system(command.c_str()) == 0);
  CHECK(failure(tls_options().ca_path(folder), server_options()) == "");
  CHECK_THAT(failure(tls_options().ca_path(files.folder() + "/none"), server_options()),
             Contains("unable to get local issuer certificate"));
}

TEST_CASE("a certificate that was taken back is refused by those who have the list", "[curl-cve]") {
  const certificates& files = certificates::shared();
  CHECK(failure(client_options(), server_options("revoked")) == "");
  const tls_options with_list = client_options().revocation_list(files.crl());
  CHECK_THAT(failure(with_list, server_options("revoked")), Contains("certificate revoked"));
  CHECK(failure(with_list, server_options("good")) == "");
  // The list of one authority says nothing about those of another.
  CHECK_THAT(failure(with_list, server_options("chained")), Contains("unable to get certificate CRL"));
  CHECK_THAT(failure(client_options().revocation_list("/nowhere.pem"), server_options()),
             Contains("revocation list /nowhere.pem"));
}

TEST_CASE("a pinned key has to be the peer's", "[curl-cve]") {
  const certificates& files = certificates::shared();
  const std::string good = files.pin("good"), other = files.pin("other");
  CHECK(failure(client_options().pinned_keys(good), server_options()) == "");
  CHECK(failure(client_options().pinned_keys(other + ";" + good), server_options()) == "");
  CHECK_THAT(failure(client_options().pinned_keys(other), server_options()),
             Contains("the certificate's public key is none that is pinned: " + good));
  // It is not enough either.
  CHECK_THAT(failure(client_options().pinned_keys(files.pin("expired")), server_options("expired")),
             Contains("certificate has expired"));
  CHECK_THAT(failure(client_options().pinned_keys(good), server_options(), "example.net"),
             Contains("hostname mismatch"));
  // Without verification only the key counts.
  CHECK(failure(tls_options().verify(false).pinned_keys(files.pin("self")), server_options("self"), "x.example") == "");
  CHECK_THAT(failure(tls_options().verify(false).pinned_keys(good), server_options("self")), Contains("pinned"));
  for (const char* bad : {"x", "sha256//", "sha256//abc", "sha1//", "/some/file.pem"}) {
    CHECK_THROWS_AS(tls_options().pinned_keys(bad), braid::invalid_argument);
  }
}

TEST_CASE("a server that asks for certificates lets in who has one") {
  const certificates& files = certificates::shared();
  const tls_options server = server_options().client_ca(files.ca());
  const auto both = [&](tls_options client) {
    asio::io_context context(1);
    handshake hands;
    hands.client = std::move(client);
    hands.server = server;
    run_on(context, context.get_executor(), hands.run());
    return hands.server_failure;
  };
  CHECK(both(client_options().certificate(files.chain("good"), files.key("good"))) == "");
  CHECK_THAT(both(client_options()), Contains("peer did not return a certificate"));
  CHECK_THAT(both(client_options().certificate(files.chain("self"), files.key("self"))),
             Contains("certificate verify failed"));
}

TEST_CASE("an encrypted key needs its password and nobody is asked for it") {
  const certificates& files = certificates::shared();
  const auto with = [&](const std::string& password) {
    return failure(client_options().certificate(files.chain("good"), files.key("locked"), password), server_options());
  };
  CHECK(with("pass") == "");
  CHECK_THAT(with(""), Contains("private key "));
  CHECK_THAT(with("wrong"), Contains("private key "));
}

TEST_CASE("versions have bounds on both sides") {
  using enum tls_version;
  CHECK(failure(client_options().max_version(tls_1_2), server_options()) == "");
  CHECK(failure(client_options().min_version(tls_1_3), server_options()) == "");
  CHECK_THAT(failure(client_options().min_version(tls_1_3), server_options().max_version(tls_1_2)),
             Contains("protocol version"));
  CHECK_THAT(failure(client_options().max_version(tls_1_2), server_options().min_version(tls_1_3)),
             Contains("protocol version"));
}
