#include <braid/core/url.hpp>
#include <iostream>

int main() { std::cout << braid::url::parse("http://localhost/a/../b").str() << '\n'; }
