#include <catch2/catch.hpp>

#include "pages.hpp"

using namespace braid;
using namespace braid::test;
using serp::page_kind;

namespace {

serp::record answered(const std::string& html, const serp::page_context& context = {}) {
  return serp::parse_page(engine_of("mojeek"), html, context);
}

}  // namespace

TEST_CASE("services that stand before a site are made out whatever engine is behind them") {
  struct expectation {
    const char* page;
    const char* evidence;
  };
  const auto want =
      GENERATE(expectation{"<title>Just a moment...</title>", "Cloudflare: title \"Just a moment...\""},
               expectation{"<script src='/cdn-cgi/challenge-platform/h/b'></script>",
                           "Cloudflare: source \"/cdn-cgi/challenge-platform/\""},
               expectation{"<script src='https://ct.captcha-delivery.com/c.js'></script>",
                           "DataDome: source \"captcha-delivery.com\""},
               expectation{"<title>Access to this page has been denied</title>",
                           "PerimeterX: title \"Access to this page has been denied\""},
               expectation{"<title>Access Denied</title>", "Akamai: title \"Access Denied\""},
               expectation{"<title>Making sure you&#39;re not a bot!</title>",
                           "Anubis: title \"Making sure you're not a bot!\""},
               expectation{"<div class=\"g-recaptcha\"></div>", "reCAPTCHA: source \"class=\"g-recaptcha\"\""});
  CAPTURE(want.page);
  const auto record = answered(want.page);
  CHECK(record.kind == page_kind::blocked);
  CHECK(record.evidence == want.evidence);
}

TEST_CASE("headers and statuses of a refusal") {
  serp::page_context context;
  context.headers = {{"CF-Mitigated", "challenge"}};
  CHECK(answered("<p>wait</p>", context).evidence == "Cloudflare: header \"cf-mitigated\"");
  context.headers.clear();
  for (const int status : {401, 451, 503}) {
    context.status = status;
    CHECK(answered("<p>no</p>", context).kind == page_kind::blocked);
  }
  context.status = 500;
  CHECK(answered("<p>broken</p>", context).kind == page_kind::unknown);
}

TEST_CASE("a page with results is results, whatever scripts it brings, and a glance does not judge it") {
  const auto page = page_file("mojeek") + "<script src='/cdn-cgi/challenge-platform/h/b'></script>";
  CHECK(answered(page).kind == page_kind::results);
  CHECK(serp::glance(engine_of("mojeek"), page, {}).kind == page_kind::unknown);
}

TEST_CASE("words of an empty answer win over the script of a service") {
  const std::string empty = "<p>No pages found matching braid</p><script src='/cdn-cgi/challenge-platform/x'></script>";
  CHECK(answered(empty).kind == page_kind::no_results);
}
