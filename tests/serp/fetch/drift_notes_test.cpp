#include <catch2/catch.hpp>

#include "scratch_folder.hpp"
#include "serp/fetch/drift_notes.hpp"

using namespace braid::fetch;
using Catch::Contains;

namespace {

record fallen() {
  record made;
  made.fallen = {"organic_results.snippet: 31 % of 420, expected 93 %"};
  made.fallen_page = "<p>changed";
  return made;
}

job sample() {
  job what;
  what.engine = "google";
  what.id = "5f";
  return what;
}

}  // namespace

TEST_CASE("a page that made a field fall is kept beside the records and told once") {
  const scratch_folder folder;
  fetch_options options;
  options.out = folder.file("r.jsonl");
  drift_notes_shared drift(options);
  drift.note(sample(), fallen());
  const auto page = folder.file("r.jsonl.drift-google-5f.html");
  CHECK_THAT(drift.take_notes(), Contains("google has changed") && Contains("31 % of 420") && Contains(page));
  CHECK(scratch_folder::text_of(page) == "<p>changed");
  CHECK(drift.take_notes().empty());
}

TEST_CASE("a page that cannot be kept is told of too") {
  fetch_options options;
  drift_notes_shared nowhere(options);
  nowhere.note(sample(), fallen());
  CHECK_THAT(nowhere.take_notes(), Contains("--save-html"));
  options.save_html = "/nonexistent";
  drift_notes_shared refused(options);
  refused.note(sample(), fallen());
  CHECK_THAT(refused.take_notes(), Contains("not kept") && Contains("/nonexistent/drift-google-5f.html"));
}
