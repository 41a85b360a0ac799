#include <braid/core/percent.hpp>
#include "markup.hpp"

namespace braid::origin {

std::string render_ecosia(const search_page& page, std::string_view fill) {
  const std::string query = escape(page.query);
  std::string out;
  out.reserve(fill.size() + 16'000);
  out +=
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + query +
      " - Ecosia - Web</title></head><body><form action=\"/search\" data-test-id=\"search-form\"><input name=\"q\" "
      "data-test-id=\"search-form-input\" value=\"" +
      query +
      "\"></form><div id=\"main\" data-test-id=\"layout-main\"><section class=\"mainline\" data-test-id=\"mainline\">";
  if (page.items.empty()) {
    out += "<div class=\"mainline__no-results\" data-test-id=\"no-results\"><h1>No results found for <b>" + query +
           "</b></h1><p>Check your spelling or try another search.</p></div>";
  }
  for (const found_item& item : page.items) {
    const std::string url = escape(item.url);
    out +=
        "<div class=\"mainline__result-wrapper\" data-test-id=\"mainline-result-web\"><article class=\"result "
        "web-result mainline__result\" data-test-id=\"organic-result\" aria-label=\"" +
        escape(item.title) +
        "\"><div class=\"result__body\"><div class=\"result__header\"><div class=\"result__info\"><a "
        "data-test-id=\"result-link\" tabindex=\"-1\" href=\"" +
        url +
        "\" class=\"result__link\"><span class=\"result__source\" data-test-id=\"result-source\"><span "
        "class=\"source__content--domain\">https://" +
        item.host + "</span></span></a></div><div class=\"result__title\"><a data-test-id=\"result-link\" href=\"" +
        url +
        "\" class=\"result__link link link--as-a\"><h2 data-test-id=\"result-title\" class=\"result-title__heading\">" +
        escape(item.title) +
        "</h2></a></div></div><div class=\"result__columns\"><div data-test-id=\"result-description\" "
        "class=\"result__description\"><p data-test-id=\"web-result-description\" class=\"web-result__description\">" +
        highlight(item.snippet, page.query, "b") + "</p></div></div></div></article></div>";
  }
  if (!page.items.empty()) {
    out += "<div class=\"related-queries\" data-test-id=\"related-queries\"><h2>Related searches</h2><ul>";
    for (const std::string& related : page.related) {
      out +=
          "<li class=\"related-queries__item\"><a class=\"related-queries__link\" data-test-id=\"related-query-link\" "
          "href=\"/search?" +
          escape(form_encode({{"q", related}})) + "\">" + escape(related) + "</a></li>";
    }
    out +=
        "</ul></div><nav class=\"pagination\" data-test-id=\"pagination\"><a class=\"pagination__next\" "
        "data-test-id=\"next-button\" aria-label=\"Next page\" href=\"/search?" +
        escape(form_encode({{"q", page.query}})) + "&amp;p=" + std::to_string(page.page + 1) + "\">Next</a></nav>";
  }
  out += "</section></div>";
  out += fill;
  out += "</body></html>";
  return out;
}

}  // namespace braid::origin
