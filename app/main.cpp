#include <cstdio>

#include "core/version.h"

int main() { std::printf("convlens %s\n", convlens::version().data()); }
