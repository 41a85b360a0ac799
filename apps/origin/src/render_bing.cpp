#include <braid/core/base64.hpp>
#include <braid/core/percent.hpp>
#include "markup.hpp"

namespace braid::origin {

namespace {

/// Every other link goes through Bing's counter, as on its own pages.
std::string link(const found_item& item, std::size_t position) {
  if (position % 2 == 0) return escape(item.url);
  return "https://www.bing.com/ck/a?!&amp;&amp;p=5f0e7b1cbb&amp;ptn=3&amp;u=a1" + base64url(item.url) + "&amp;ntb=1";
}

}  // namespace

std::string render_bing(const search_page& page, std::string_view fill) {
  const std::string query = escape(page.query);
  std::string out;
  out.reserve(fill.size() + 16'000);
  out += "<!DOCTYPE html><html dir=\"ltr\" lang=\"en\"><head><title>" + query +
         " - Search</title></head><body class=\"b_respl\"><header id=\"b_header\"><form action=\"/search\" "
         "id=\"sb_form\"><input class=\"b_searchbox\" id=\"sb_form_q\" name=\"q\" value=\"" +
         query + "\"></form></header><div id=\"b_content\"><main aria-label=\"Search Results\">";
  if (page.items.empty()) {
    out += "<ol id=\"b_results\"><li class=\"b_no\"><h1>There are no results for <strong>" + query +
           "</strong></h1><ul><li><span>Check your spelling or try different keywords</span></li></ul></li></ol>";
  } else {
    out += "<div id=\"b_tween\"><span class=\"sb_count\">About " + grouped(page.total) +
           " results</span></div><ol id=\"b_results\">";
    for (std::size_t i = 0; i < page.items.size(); ++i) {
      const found_item& item = page.items[i];
      const std::string href = link(item, i);
      out += "<li class=\"b_algo\"><div class=\"b_tpcn\"><a class=\"tilk\" href=\"" + href +
             "\"><div class=\"tpmeta\"><div class=\"tptt\">" + item.host +
             "</div><div class=\"b_attribution\"><cite>https://" + item.host + " › " + query +
             "</cite></div></div></a></div><h2><a href=\"" + href + "\" h=\"ID=SERP,5" + std::to_string(100 + i) +
             ".2\">" + escape(item.title) + "</a></h2><div class=\"b_caption\"><p class=\"b_lineclamp2\">" +
             highlight(item.snippet, page.query, "strong") + "</p></div></li>";
    }
    out += "<li class=\"b_ans\"><div class=\"b_rs\"><h2>Related searches for <strong>" + query +
           "</strong></h2><ul class=\"b_vList\">";
    for (const std::string& related : page.related) {
      out += "<li><a href=\"/search?" + escape(form_encode({{"q", related}})) +
             "&amp;FORM=QSRE1\"><div class=\"b_suggestionText\">" + escape(related) + "</div></a></li>";
    }
    out +=
        "</ul></div></li><li class=\"b_pag\"><nav role=\"navigation\"><ul class=\"sb_pagF\"><li><a class=\"sb_pagS "
        "sb_pagS_bp b_widePag\">" +
        std::to_string(page.page + 1) +
        "</a></li><li><a class=\"sb_pagN sb_pagN_bp b_widePag\" title=\"Next page\" href=\"/search?" +
        escape(form_encode({{"q", page.query}})) + "&amp;first=" + std::to_string((page.page + 1) * 10 + 1) +
        "\"><div class=\"sw_next\">Next</div></a></li></ul></nav></li></ol>";
  }
  out += "</main>";
  out += fill;
  out += "</div></body></html>";
  return out;
}

}  // namespace braid::origin
