#include <braid/core/percent.hpp>
#include "markup.hpp"

namespace braid::origin {

namespace {

block_page google_sorry(std::string_view query) {
  block_page out;
  const std::string target = "https://www.google.com/search?" + form_encode({{"q", std::string(query)}});
  out.html =
      "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\"><html><head><title>" + escape(target) +
      "</title></head><body onload=\"e=document.getElementById('captcha');if(e){e.focus();}\"><div "
      "style=\"max-width:400px;\"><hr noshade size=\"1\">"
      "<form id=\"captcha-form\" action=\"/sorry/index\" method=\"post\"><noscript><div>In order to continue, please "
      "enable javascript on your web browser.</div></noscript>"
      "<div id=\"recaptcha\" class=\"g-recaptcha\" "
      "data-sitekey=\"6LfwuyUTAAAAAOAmoS0fdqijC2PbbdH4kjq62Y1b\"></div><input type='hidden' name='continue' value='" +
      escape(target) +
      "'></form><hr noshade size=\"1\"><div><b>About this page</b><br><br>Our systems have detected unusual traffic "
      "from your computer network. This page checks to see if it&#39;s really you sending the requests, and not a "
      "robot.</div></div></body></html>";
  return out;
}

/// Bing answers 200 with its challenge and not one result.
block_page bing_challenge(std::string_view query) {
  block_page out;
  out.status = 200;
  const std::string shown = escape(query);
  out.html = "<!DOCTYPE html><html dir=\"ltr\" lang=\"en\"><head><title>" + shown +
             " - Search</title><script src=\"https://challenges.cloudflare.com/turnstile/v0/api.js\" async "
             "defer></script></head><body class=\"b_respl\"><div id=\"b_content\"><main>"
             "<div class=\"captcha\" id=\"b_captcha\"><div class=\"captcha_header\">One last step</div><div "
             "class=\"captcha_text\">Please solve the challenge below to continue</div>"
             "<div id=\"cf-turnstile\" class=\"cf-turnstile\" "
             "data-sitekey=\"0x4AAAAAAA\"></div></div></main></div></body></html>";
  return out;
}

/// DuckDuckGo answers 202.
block_page duckduckgo_anomaly() {
  block_page out;
  out.status = 202;
  out.html =
      "<!DOCTYPE html><html lang=\"en\"><head><title>DuckDuckGo</title></head><body class=\"body--html\"><form "
      "id=\"challenge-form\" action=\"//duckduckgo.com/anomaly.js?sv=html&cc=botnet\" method=\"POST\">"
      "<div class=\"anomaly-modal__mask\"><div class=\"anomaly-modal__modal is-ie\" data-testid=\"anomaly-modal\"><div "
      "class=\"anomaly-modal__title\">Unfortunately, bots use DuckDuckGo too.</div>"
      "<div class=\"anomaly-modal__description\">Please complete the following challenge to confirm this search was "
      "made by a human.</div></div></div></form></body></html>";
  return out;
}

block_page brave_captcha() {
  block_page out;
  out.html =
      "<!DOCTYPE html><html class=\"no-js\" lang=\"en-us\"><head><meta name=\"robots\" "
      "content=\"noindex,nofollow\"><title>Captcha - Brave Search</title></head><body><main id=\"captcha-page\" "
      "class=\"captcha\">"
      "<h1>Confirm you're a human being</h1><h2>Solve the captcha to continue</h2><form id=\"pow-captcha\" "
      "action=\"/captcha\" method=\"post\"><button class=\"captcha-button\">I'm not a "
      "robot</button></form></main></body></html>";
  return out;
}

block_page ecosia_blocked() {
  block_page out;
  out.status = 403;
  out.html =
      "<!DOCTYPE html><html><head><title>\n        Ecosia: IP Blocked\n    </title></head><body><div "
      "class=\"container\"><p><strong>To continue, please solve the challenge below:</strong><br>"
      "Our systems have detected unusual traffic from your computer network. This page checks to see if it's really "
      "you sending the requests and not a robot.</p><div class=\"panel-warning\"><div class=\"panel-body\">"
      "<form method=\"POST\"><div class=\"h-captcha\" "
      "data-sitekey=\"47b504f5-9e62-45cf-839e-6a961cda217a\"></div><input class=\"submit-button\" type=\"submit\" "
      "value=\"Submit\"></form></div></div></div></body></html>";
  return out;
}

block_page yahoo_blocked() {
  block_page out;
  out.status = 500;
  out.html =
      "<!DOCTYPE html><html lang=\"en-us\"><head><title>Yahoo</title></head><body><div class=\"error\"><h1>Sorry, "
      "Unable to process request at this time -- error 999.</h1>"
      "<p>Unfortunately we are unable to process your request at this time. This error is usually temporary. Please "
      "try again later.</p></div></body></html>";
  return out;
}

}  // namespace

block_page render_block(engine which, std::string_view query) {
  switch (which) {
    case engine::google:
      return google_sorry(query);
    case engine::bing:
      return bing_challenge(query);
    case engine::duckduckgo:
      return duckduckgo_anomaly();
    case engine::brave:
      return brave_captcha();
    case engine::ecosia:
      return ecosia_blocked();
    case engine::yahoo:
      return yahoo_blocked();
  }
  return {};
}

}  // namespace braid::origin
