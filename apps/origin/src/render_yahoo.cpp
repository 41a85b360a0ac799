#include <braid/core/percent.hpp>
#include "markup.hpp"

namespace braid::origin {

std::string render_yahoo(const search_page& page, std::string_view fill) {
  const std::string query = escape(page.query);
  std::string out;
  out.reserve(fill.size() + 16'000);
  out += "<!doctype html><html id=\"atomic\" lang=\"en-US\"><head><title>" + query +
         " - Yahoo Search Results</title></head><body><div id=\"doc\"><header id=\"hd\"><form id=\"sf\" "
         "action=\"/search\"><input id=\"yschsp\" name=\"p\" value=\"" +
         query +
         "\"></form></header><div id=\"bd\"><div id=\"results\"><div id=\"cols\"><div id=\"left\"><div id=\"main\">";
  if (page.items.empty()) {
    out +=
        "<div id=\"web\"><ol class=\"reg searchCenterMiddle\"><li><div class=\"dd zrp\"><div class=\"compText\"><p>We "
        "did not find results for: <b>" +
        query + "</b>. Try the suggestions below or type a new query above.</p></div></div></li></ol></div>";
  } else {
    out += "<div id=\"web\"><ol class=\"mb-15 reg searchCenterMiddle\">";
    for (const found_item& item : page.items) {
      out +=
          "<li><div class=\"dd algo algo-sr relsrch Sr\"><div class=\"compTitle options-toggle\"><h3 "
          "class=\"title\"><a class=\"d-ib ls-05 fz-20 lh-26 td-hu tc va-bot\" "
          "href=\"https://r.search.yahoo.com/_ylt=AwrE19/RV=2/RE=1700000000/RO=10/RU=" +
          percent_encode(item.url) +
          "/RK=2/RS=x7qkZ\" target=\"_blank\"><span class=\"d-ib p-abs t-0 l-0 fz-14 lh-20 fc-obsidian wr-bw ls-n "
          "pb-4\"><span>" +
          item.host + "</span></span>" + escape(item.title) +
          "</a></h3></div><div class=\"compText aAbs\"><p class=\"fz-14 lh-22\"><span class=\"fc-falcon\">" +
          highlight(item.snippet, page.query, "b") + "</span></p></div></div></li>";
    }
    out +=
        "</ol><ol class=\"reg searchBottom\"><li><div class=\"dd AlsoTry\"><div class=\"compTitle\"><h3 "
        "class=\"title\">People also search for</h3></div><table class=\"compTable\"><tbody><tr>";
    for (const std::string& related : page.related) {
      out += "<td><a href=\"https://search.yahoo.com/search?" + escape(form_encode({{"p", related}})) + "\">" +
             escape(related) + "</a></td>";
    }
    out += "</tr></tbody></table></div></li><li><div class=\"dd pagination\"><div class=\"compPagination\"><strong>" +
           std::to_string(page.page + 1) + "</strong><a class=\"next\" href=\"https://search.yahoo.com/search?" +
           escape(form_encode({{"p", page.query}})) + "&amp;b=" + std::to_string((page.page + 1) * 10 + 1) +
           "\">Next</a><span>" + grouped(page.total) + " results</span></div></div></li></ol></div>";
  }
  out += "</div></div></div></div></div></div>";
  out += fill;
  out += "</body></html>";
  return out;
}

}  // namespace braid::origin
