#include "walls.hpp"

#include <array>
#include <string_view>

#include <braid/core/utf8.hpp>

namespace braid::serp {
namespace {

/// Each can be made out by any of what is not empty.
struct wall {
  std::string_view service;
  std::string_view header;  // a name
  std::string_view title;
  std::string_view source;
};

constexpr std::array<wall, 17> walls = {
    {{"Cloudflare", "cf-mitigated", "Just a moment...", "/cdn-cgi/challenge-platform/"},
     {"Cloudflare", "", "Attention Required! | Cloudflare", "cf-error-details"},
     {"Cloudflare", "", "", "challenges.cloudflare.com/turnstile"},
     {"DataDome", "x-dd-b", "", "captcha-delivery.com"},
     {"PerimeterX", "", "Access to this page has been denied", "px-captcha"},
     {"Akamai", "", "Access Denied", "errors.edgesuite.net"},
     {"Imperva", "", "", "_Incapsula_Resource"},
     {"Anubis", "", "Making sure you're not a bot!", "/.within.website/x/cmd/anubis"},
     {"Sucuri", "x-sucuri-block", "", "sucuri.net/privacy-policy"},
     {"AWS WAF", "x-amzn-waf-action", "Human Verification", "awswaf.com"},
     {"F5", "", "", "The requested URL was rejected. Please consult"},
     {"Kasada", "x-kpsdk-ct", "", "ips.js?KP_UIDz"},
     {"DDoS-Guard", "", "DDoS-Guard", "check.ddos-guard.net"},
     {"reCAPTCHA", "", "", "class=\"g-recaptcha\""},
     {"hCaptcha", "", "", "class=\"h-captcha\""},
     {"Friendly Captcha", "", "", "frc-captcha"},
     {"a refusal", "", "403 Forbidden", "Our systems have detected unusual traffic"}}};

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}

bool has_header(const page_context& context, std::string_view name) {
  for (const auto& [key, value] : context.headers)
    if (same_letters(key, name)) return true;
  return false;
}

std::optional<std::string> sign_of(const wall& one, const page_view& page) {
  const auto named = [&](std::string_view what, std::string_view sign) {
    return std::string(one.service) + ": " + std::string(what) + " \"" + std::string(sign) + "\"";
  };
  if (!one.header.empty() && has_header(*page.context, one.header)) return named("header", one.header);
  if (!one.title.empty() && page.title.find(one.title) != std::string::npos) return named("title", one.title);
  if (!one.source.empty() && page.bytes.find(one.source) != std::string_view::npos) return named("source", one.source);
  return std::nullopt;
}

bool refuses(int status) { return status == 401 || status == 403 || status == 429 || status == 451 || status == 503; }

}  // namespace

std::optional<classification> wall_in(const page_view& page) {
  classification made;
  made.kind = page_kind::blocked;
  for (const auto& one : walls) {
    auto sign = sign_of(one, page);
    if (!sign) continue;
    made.evidence = repaired_utf8(std::move(*sign));
    return made;
  }
  if (!refuses(page.context->status)) return std::nullopt;
  made.evidence = "status " + std::to_string(page.context->status);
  return made;
}

}  // namespace braid::serp
