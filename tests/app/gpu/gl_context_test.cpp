#include "app/gpu/gl_context.h"

#include <glad/gl.h>

#include "tests/app/gpu/gl_test.h"

namespace convlens {
namespace {

using GlContextTest = test::GlTest;

TEST_F(GlContextTest, SaysWhatItIs) {
    const GpuCaps& caps = context()->caps();
    EXPECT_GE(caps.version, 33);
    EXPECT_FALSE(caps.renderer.empty());
    EXPECT_GE(caps.max_texture_size, 1024);
    EXPECT_EQ(caps.compute, caps.reason.empty());
    EXPECT_EQ(caps.compute, caps.version >= 43);
    EXPECT_TRUE(caps.software || caps.renderer.find("llvmpipe") == std::string::npos);
}

TEST_F(GlContextTest, IsCurrentAndTheSameWhenReadAgain) {
    context()->make_current();
    const GpuCaps again = read_gpu_caps();
    EXPECT_EQ(again.version, context()->caps().version);
    EXPECT_EQ(again.renderer, context()->caps().renderer);
    EXPECT_EQ(glGetError(), GLenum{GL_NO_ERROR});
}

TEST_F(GlContextTest, ASecondOneLivesBesideTheFirst) {
    Message why;
    {
        const auto second = GlContext::create_headless(why);
        ASSERT_NE(second, nullptr) << english(why);
        EXPECT_TRUE(why.empty());
    }
    context()->make_current();
    EXPECT_NE(glGetString(GL_VERSION), nullptr);
}

}  // namespace
}  // namespace convlens
