#include <braid/core/error.hpp>
#include <braid/scrape/journal.hpp>
#include <catch2/catch.hpp>
#include <vector>

#include "scratch_folder.hpp"

using braid::scrape::journal;
using strings = std::vector<std::string>;

TEST_CASE("a journal remembers what was committed, and where the sink was") {
  const scratch_folder folder;
  const auto path = folder.file("state");
  {
    journal state(path, "r.jsonl");
    CHECK(state.size() == 0);
    CHECK(state.position() == 0);
    const strings first{"a", "b"};
    const strings second{"c"};
    state.commit(first, 100);
    state.commit(second, 150);
  }
  journal state(path, "r.jsonl");
  CHECK(state.size() == 3);
  CHECK(state.position() == 150);
  CHECK(state.contains("b"));
  CHECK_FALSE(state.contains("d"));
}

TEST_CASE("whatever byte a kill cuts the journal at, it is some commit's state") {
  const scratch_folder folder;
  const auto path = folder.file("state");
  {
    journal state(path, "r.jsonl");
    const strings first{"aa", "bb"};
    const strings second{"cc"};
    state.commit(first, 100);
    state.commit(second, 150);
  }
  const auto whole = folder.text_of(path);
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    CAPTURE(size);
    folder.put(path, whole.substr(0, size));
    {
      journal state(path, "r.jsonl");
      const bool consistent = (state.size() == 0 && state.position() == 0) ||
                              (state.size() == 2 && state.position() == 100) ||
                              (state.size() == 3 && state.position() == 150);
      CHECK(consistent);
      const strings more{"dd"};
      state.commit(more, 200);
    }
    journal state(path, "r.jsonl");
    CHECK(state.position() == 200);
    CHECK(state.contains("dd"));
  }
}

TEST_CASE("a journal of another run, or a file that is none, is refused and left alone") {
  const scratch_folder folder;
  const auto path = folder.file("state");
  { journal state(path, "a.jsonl"); }
  CHECK_THROWS_WITH(journal(path, "b.jsonl"), Catch::Contains("belongs to another run"));
  folder.put(path, "something else\n");
  CHECK_THROWS_WITH(journal(path, "b.jsonl"), Catch::Contains("not a state file"));
  CHECK(folder.text_of(path) == "something else\n");
}
