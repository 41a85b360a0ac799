#include <braid/core/percent.hpp>
#include "markup.hpp"

namespace braid::origin {

std::string render_brave(const search_page& page, std::string_view fill) {
  const std::string query = escape(page.query);
  std::string out;
  out.reserve(fill.size() + 16'000);
  out += "<!DOCTYPE html><html lang=\"en-us\"><head><meta charset=\"utf-8\"><title>" + query +
         " - Brave Search</title></head><body><form action=\"/search\" id=\"searchform\"><input id=\"searchbox\" "
         "name=\"q\" value=\"" +
         query + "\"></form><main class=\"main-column\"><div id=\"results\">";
  if (page.items.empty()) {
    out +=
        "<div id=\"no-results\" class=\"noscript\"><h3>Not many great matches came back for your search</h3><p>No "
        "results found for <b>" +
        query + "</b></p></div>";
  }
  for (std::size_t i = 0; i < page.items.size(); ++i) {
    const found_item& item = page.items[i];
    out += "<div class=\"snippet fdb\" data-loc=\"main\" data-pos=\"" + std::to_string(i) +
           "\" data-type=\"web\"><a href=\"" + escape(item.url) +
           "\" class=\"result-header heading-serpresult\" target=\"_self\"><span class=\"snippet-title title "
           "search-snippet-title\">" +
           escape(item.title) + "</span><cite class=\"snippet-url\"><span class=\"netloc\">" + item.host +
           "</span><span class=\"url-path\"> › " + query +
           "</span></cite></a><div class=\"snippet-content\"><p class=\"snippet-description\">" +
           highlight(item.snippet, page.query, "strong") + "</p></div></div>";
  }
  if (!page.items.empty()) {
    out +=
        "</div><div id=\"search-elsewhere\"><div id=\"related-queries\" class=\"snippet\"><h3>Related queries</h3><div "
        "class=\"rq-list\">";
    for (const std::string& related : page.related) {
      out += "<a class=\"related-query\" href=\"/search?" + escape(form_encode({{"q", related}})) +
             "&amp;source=relatedQueries\">" + escape(related) + "</a>";
    }
    out += "</div></div><div id=\"pagination\"><a class=\"button button-primary\" href=\"/search?" +
           escape(form_encode({{"q", page.query}})) + "&amp;offset=" + std::to_string(page.page + 1) +
           "&amp;spellcheck=0\">Next</a></div>";
  }
  out += "</div></main>";
  out += fill;
  out += "</body></html>";
  return out;
}

}  // namespace braid::origin
