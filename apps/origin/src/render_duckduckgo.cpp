#include <braid/core/percent.hpp>
#include "markup.hpp"

namespace braid::origin {

std::string render_duckduckgo(const search_page& page, std::string_view fill) {
  const std::string query = escape(page.query);
  std::string out;
  out.reserve(fill.size() + 16'000);
  out +=
      "<!DOCTYPE html><html lang=\"en\"><head><meta http-equiv=\"content-type\" content=\"text/html; "
      "charset=UTF-8\"><title>" +
      query +
      " at DuckDuckGo</title></head><body class=\"body--html\"><div id=\"header\"><form name=\"x\" "
      "class=\"header__form\" action=\"/html/\" method=\"post\"><input name=\"q\" class=\"search__input\" value=\"" +
      query + "\"></form></div><div class=\"serp__results\"><div id=\"links\" class=\"results\">";
  if (page.items.empty()) {
    out += "<div class=\"no-results\">No results found for <b>" + query +
           "</b></div><div class=\"result result--no-result\"><span class=\"no-results\">No  results.</span></div>";
  }
  for (const found_item& item : page.items) {
    const std::string href = "//duckduckgo.com/l/?uddg=" + percent_encode(item.url) + "&amp;rut=4ae2f3c1";
    const std::string shown = escape(item.url.substr(8));
    out +=
        "<div class=\"result results_links results_links_deep web-result \"><div class=\"links_main links_deep "
        "result__body\"><h2 class=\"result__title\"><a rel=\"nofollow\" class=\"result__a\" href=\"" +
        href + "\">" + escape(item.title) +
        "</a></h2><div class=\"result__extras\"><div class=\"result__extras__url\"><span class=\"result__icon\"><a "
        "rel=\"nofollow\" href=\"" +
        href +
        "\"><img class=\"result__icon__img\" width=\"16\" height=\"16\" alt=\"\" "
        "src=\"//external-content.duckduckgo.com/ip3/" +
        item.host + ".ico\" name=\"i15\"></a></span><a class=\"result__url\" href=\"" + href + "\">" + shown +
        "</a></div></div><a class=\"result__snippet\" href=\"" + href + "\">" +
        highlight(item.snippet, page.query, "b") + "</a><div class=\"clear\"></div></div></div>";
  }
  if (!page.items.empty()) {
    out +=
        "<div class=\"nav-link\"><form action=\"/html/\" method=\"post\"><input type=\"submit\" class=\"btn btn--alt\" "
        "value=\"Next\"><input type=\"hidden\" name=\"q\" value=\"" +
        query + "\"><input type=\"hidden\" name=\"s\" value=\"" + std::to_string((page.page + 1) * 10) +
        "\"><input type=\"hidden\" name=\"dc\" value=\"" + std::to_string((page.page + 1) * 10 + 1) +
        "\"></form></div><div class=\"related-searches\"><p class=\"related-searches__title-long\">Searches related to "
        "<b>" +
        query + "</b></p><ol class=\"related-searches__list\">";
    for (const std::string& related : page.related) {
      out += "<li class=\"related-searches__item\"><a class=\"related-searches__link\" href=\"/html/?" +
             escape(form_encode({{"q", related}})) + "\">" + escape(related) + "</a></li>";
    }
    out += "</ol></div>";
  }
  out += "</div></div>";
  out += fill;
  out += "</body></html>";
  return out;
}

}  // namespace braid::origin
