#include <braid/core/percent.hpp>
#include "markup.hpp"

namespace braid::origin {

namespace {

void add_item(std::string& out, const search_page& page, const found_item& item) {
  const std::string url = escape(item.url);
  out +=
      "<div class=\"MjjYud\"><div class=\"g Ww4FFb vt6azd tF2Cxc\" lang=\"en\"><div class=\"kvH3mc\"><div "
      "class=\"yuRUbf\"><div><a href=\"";
  out += url;
  out += "\" data-ved=\"2ahUKE\"><br><h3 class=\"LC20lb MBeuO DKV0Md\">";
  out += escape(item.title);
  out += "</h3><div class=\"notranslate TbwUpd\"><span class=\"VuuXrf\">";
  out += item.host;
  out += "</span><div class=\"byrV5b\"><cite class=\"tjvcx GvPZzd cHaqb\" role=\"text\">https://";
  out += item.host;
  out += "<span class=\"dyjrff\" role=\"text\"> › ";
  out += escape(page.query);
  out +=
      "</span></cite></div></div></a></div></div><div class=\"Z26q7c\" data-sncf=\"1\"><div class=\"VwiC3b yXK7lf\" "
      "style=\"-webkit-line-clamp:2\"><span>";
  out += highlight(item.snippet, page.query, "em");
  out += "</span></div></div></div></div></div>";
}

}  // namespace

std::string render_google(const search_page& page, std::string_view fill) {
  const std::string query = escape(page.query);
  const std::string encoded = form_encode({{"q", page.query}});
  std::string out;
  out.reserve(fill.size() + 16'000);
  out +=
      "<!doctype html><html itemscope=\"\" itemtype=\"http://schema.org/SearchResultsPage\" lang=\"en\"><head><meta "
      "charset=\"UTF-8\"><title>";
  out += query;
  out +=
      " - Google Search</title></head><body jsmodel=\"hspDDf\"><div id=\"searchform\"><form action=\"/search\" "
      "role=\"search\"><textarea class=\"gLFyf\" name=\"q\">";
  out += query;
  out += "</textarea></form></div><div class=\"main\" id=\"main\"><div id=\"cnt\">";
  if (page.items.empty()) {
    out +=
        "<div id=\"topstuff\"><div class=\"mnr-c\"><div class=\"card-section\"><p aria-level=\"3\" "
        "role=\"heading\">Your search - <span><em>" +
        query +
        "</em></span> - did not match any documents.</p><p>Suggestions:</p><ul><li>Make sure all words are spelled "
        "correctly.</li></ul></div></div></div>";
  } else {
    out += "<div id=\"result-stats\">";
    if (page.page > 0) out += "Page " + std::to_string(page.page + 1) + " of about ";
    out += (page.page > 0 ? "" : "About ") + grouped(page.total) + " results<nobr> (0.31 seconds)&nbsp;</nobr></div>";
    out +=
        "<div id=\"rcnt\"><div id=\"center_col\"><div id=\"res\" role=\"main\"><div id=\"search\"><div><div "
        "data-async-context=\"query:";
    out += query;
    out += "\" id=\"rso\"><h1 class=\"Uo8X3b OhScic zsYMMe\">Search Results</h1>";
    for (const found_item& item : page.items) add_item(out, page, item);
    out += "</div></div></div></div></div></div>";
    out +=
        "<div id=\"botstuff\"><div id=\"bres\"><div class=\"oIk2Cb\"><div class=\"O3JH7\"><span role=\"heading\" "
        "aria-level=\"2\">Related searches</span></div>";
    for (const std::string& related : page.related) {
      out += "<div class=\"y6Uyqe\"><div class=\"B2VR9\"><a class=\"k8XOCe R0xfCb VCOFK s8bAkb\" href=\"/search?" +
             escape(form_encode({{"q", related}})) + "\"><div class=\"s75CSd u60jwe r2fjmd AB4Wff\">" +
             escape(related) + "</div></a></div></div>";
    }
    out += "</div></div><div role=\"navigation\"><table class=\"AaVjTc\" id=\"nav\"><tbody><tr>";
    const unsigned here = page.page + 1;
    for (unsigned number = here > 5 ? here - 5 : 1; number < here + 5; ++number) {
      if (number == here) {
        out += "<td class=\"YyVfkd\"><span class=\"SJajHc\"></span>" + std::to_string(number) + "</td>";
      } else {
        out += "<td><a aria-label=\"Page " + std::to_string(number) + "\" class=\"fl\" href=\"/search?" +
               escape(encoded) + "&amp;start=" + std::to_string((number - 1) * 10) +
               "\"><span class=\"SJajHc NVbCr\"></span>" + std::to_string(number) + "</a></td>";
      }
    }
    out += "<td class=\"d6cvqb\"><a href=\"/search?" + escape(encoded) + "&amp;start=" + std::to_string(here * 10) +
           "\" id=\"pnnext\"><span class=\"oeN89d\">Next</span></a></td></tr></tbody></table></div></div>";
  }
  out += fill;
  out += "</div></div></body></html>";
  return out;
}

}  // namespace braid::origin
