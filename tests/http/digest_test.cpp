#include <catch2/catch.hpp>

#include <braid/http/digest.hpp>

using namespace braid::http;

namespace {

std::optional<digest_challenge> challenge_of(std::string_view field) {
  const std::vector<auth_challenge> all = parse_challenges(field);
  return all.empty() ? std::nullopt : digest_challenge::of(all.front());
}

bool has(std::string_view text, std::string_view piece) { return text.find(piece) != text.npos; }

}  // namespace

TEST_CASE("challenges are read one after the other") {
  const auto all = parse_challenges("Basic realm=\"a, \\\"b\\\"\" , Negotiate abc==, Digest nonce=1,Realm = x , Other");
  REQUIRE(all.size() == 4);
  CHECK(all[0].scheme == "basic");
  CHECK(*all[0].find("realm") == "a, \"b\"");
  CHECK(all[1].scheme == "negotiate");
  CHECK(all[1].token == "abc==");
  CHECK(*all[2].find("nonce") == "1");
  CHECK(*all[2].find("realm") == "x");
  CHECK(all[3].scheme == "other");
  CHECK(parse_challenges("").empty());
  CHECK(parse_challenges("\"=,,\"").empty());
  CHECK(parse_challenges("Digest nonce=\"unclosed").size() == 1);
}

TEST_CASE("a digest is what RFC 7616 says in its examples") {
  const std::string common =
      "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", "
      "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
  const digest_challenge::credentials who{"Mufasa", "Circle of Life"};
  const std::string cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
  const auto md5 = challenge_of(common + ", algorithm=MD5");
  REQUIRE(md5);
  const std::string answer = md5->answer(who, "GET", "/dir/index.html", cnonce, 1);
  CHECK(has(answer, "response=\"8ca523f5e9506fed4657c9700eebdbec\""));
  CHECK(has(answer, "nc=00000001, qop=auth, "));
  const auto sha = challenge_of(common + ", algorithm=SHA-256");
  REQUIRE(sha);
  CHECK(has(sha->answer(who, "GET", "/dir/index.html", cnonce, 1),
            "response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\""));
}

TEST_CASE("a digest without qop is that of RFC 2069") {
  const auto old = challenge_of("Digest realm=\"testrealm\", nonce=\"1053604145\"");
  REQUIRE(old);
  CHECK(old->answer({"testuser", "testpass"}, "GET", "/64", "unused", 1) ==
        "Digest username=\"testuser\", realm=\"testrealm\", nonce=\"1053604145\", uri=\"/64\", "
        "response=\"c55f7f30d83d774a3d2dcacf725abaca\"");
}

TEST_CASE("what a client cannot answer is no challenge") {
  CHECK_FALSE(challenge_of("Basic realm=x"));
  CHECK_FALSE(challenge_of("Digest realm=x"));
  CHECK_FALSE(challenge_of("Digest realm=x, nonce=1, algorithm=MD6"));
  CHECK_FALSE(challenge_of("Digest realm=x, nonce=1, qop=\"auth-int\""));
  const auto stale = challenge_of("Digest nonce=1, stale=TRUE, userhash=true, algorithm=SHA-256-sess");
  REQUIRE(stale);
  CHECK(stale->stale);
  CHECK(stale->session);
  CHECK(has(stale->answer({"u", "p"}, "GET", "/", "c", 1), "userhash=true"));
  CHECK_FALSE(has(stale->answer({"u", "p"}, "GET", "/", "c", 1), "username=\"u\""));
  CHECK(random_cnonce() != random_cnonce());
}

TEST_CASE("a tab in a realm is told as it stands and other control bytes are not") {
  const auto tab = challenge_of("Digest realm=\"a\tb\", nonce=1");
  REQUIRE(tab);
  CHECK(has(tab->answer({"u", "p"}, "GET", "/", "c", 1), "realm=\"a\tb\""));
  const auto bell = challenge_of("Digest realm=\"a\ab\", nonce=1");
  REQUIRE(bell);
  CHECK(has(bell->answer({"u", "p"}, "GET", "/", "c", 1), "realm=\"a%07b\""));
}
