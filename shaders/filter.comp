// One step of a filter chain, or one of its two passes. GpuFilter puts "#version" and these definitions in front:
//   PASS              0 the whole kernel, 1 down (a column of it, sums are kept), 2 across (a row over those sums)
//   CHANNELS          of the picture, 1 to 4
//   SOURCE            the picture's sampler: sampler2D, or usampler2D for whole numbers
//   TARGET, FORMAT    the result's image type and its format: uimage2D, rgba8ui
//   WHOLE             1 where the result holds whole numbers: clamped and rounded to even
//   BORDER            0 constant, 1 replicate, 2 reflect, 3 symmetric, 4 circular
//   ALPHA             0 none or opaque, 1 kept, 2 filtered (AlphaRule)
//   ROWS, COLS, STRIDE, DILATION   numbers, or params.rows and so on where the kernel is large
//
// What is relied on is what the GL specification promises everywhere: formats are those that image stores must support
// (4.5, table 8.26) and are named in the shader; texelFetch stays inside the picture, since every coordinate is mapped
// or compared first, and its texture is complete without a sampler (one immutable level, nearest); invocations beyond
// the result write nothing; % is never given a negative number; no invocation reads what another one of its dispatch
// writes, and between dispatches stand the barriers of GpuFilter. Float32 adds and multiplies with half a unit of error
// (4.7.1 of GLSL), fused or not, and divides with 2.5: that is within the promised tolerance. Pictures with NaN or
// infinity, which GLSL need not keep, are left to the processor.

layout(local_size_x = 16, local_size_y = 16) in;

// A pixel: grey, or red, green, blue and alpha. Grey with alpha is kept as grey three times and alpha.
#if CHANNELS == 1
#define Pixel float
#define FROM_TEXEL(t) float((t).r)
#define TO_TEXEL(p) vec4((p), 0.0, 0.0, 0.0)
#define TO_SUMS(p) vec4((p), 0.0, 0.0, 0.0)
#define SUMS_FORMAT r32f
#elif CHANNELS == 2
#define Pixel vec4
#define FROM_TEXEL(t) vec4((t).rrrg)
#define TO_TEXEL(p) (p).raaa
#elif CHANNELS == 3
#define Pixel vec4
#define FROM_TEXEL(t) vec4(t)
#define TO_TEXEL(p) vec4((p).rgb, params.result_white)
#else
#define Pixel vec4
#define FROM_TEXEL(t) vec4(t)
#define TO_TEXEL(p) (p)
#endif
#if CHANNELS != 1
#define TO_SUMS(p) (p)
#define SUMS_FORMAT rgba32f
#endif

layout(std430, binding = 0) readonly restrict buffer Filter {
    FilterParams params;
    float weights[];
};
layout(binding = 0) uniform SOURCE source;
#if PASS == 2
layout(binding = 1) uniform sampler2D sums;
#endif
#if PASS == 1
layout(binding = 0, SUMS_FORMAT) writeonly restrict uniform image2D target;
#else
layout(binding = 0, FORMAT) writeonly restrict uniform TARGET target;
#endif

Pixel pixel_at(ivec2 at) {
    return FROM_TEXEL(texelFetch(source, at, 0));
}

// As it counts in the sums.
Pixel weighed_at(ivec2 at) {
    Pixel pixel = pixel_at(at);
#if ALPHA != 0
    pixel.rgb *= pixel.a / params.white;
#endif
    return pixel;
}

// The picture's row or column that stands at `index`, or -1 for the constant.
int mapped(int index, int length) {
    if (index >= 0 && index < length) return index;
#if BORDER == 1
    return clamp(index, 0, length - 1);
#elif BORDER == 0
    return -1;
#else
#if BORDER == 2
    int period = max(2 * length - 2, 1);
#elif BORDER == 3
    int period = 2 * length;
#else
    int period = length;
#endif
    int folded = index >= 0 ? index % period : period - 1 - (-1 - index) % period;
#if BORDER == 2
    return folded < length ? folded : period - folded;
#elif BORDER == 3
    return folded < length ? folded : period - 1 - folded;
#else
    return folded;
#endif
#endif
}

Pixel bordered_at(ivec2 at) {
    int x = mapped(at.x, params.source_width);
    int y = mapped(at.y, params.source_height);
    if (x < 0 || y < 0) {
#if CHANNELS == 1
        return params.outside[0];
#else
        return vec4(params.outside[0], params.outside[1], params.outside[2], params.outside[3]);
#endif
    }
    return weighed_at(ivec2(x, y));
}

// The weighted sum from `first` on. Summed row by row, and at most 32 weights in one go, so that rounding stays small.
// Weights of zero are skipped.
#define SUM(ROW_COUNT, COL_COUNT, READ)                          \
    for (int row = 0; row < ROW_COUNT; ++row) {                  \
        Pixel part = Pixel(0.0);                                 \
        for (int col = 0; col < COL_COUNT; ++col) {              \
            float weight = weights[row * COL_COUNT + col];       \
            if (weight != 0.0) part += weight * READ(first + DILATION * ivec2(col, row)); \
            if ((col & 31) == 31) {                              \
                total += part;                                   \
                part = Pixel(0.0);                               \
            }                                                    \
        }                                                        \
        total += part;                                           \
    }

Pixel weighted_sum(ivec2 first) {
    Pixel total = Pixel(0.0);
    ivec2 last = first + DILATION * ivec2(COLS - 1, ROWS - 1);
    if (first.x >= 0 && first.y >= 0 && last.x < params.source_width && last.y < params.source_height) {
        SUM(ROWS, COLS, weighed_at)
    } else {
        SUM(ROWS, COLS, bordered_at)
    }
    return total;
}

#if PASS == 2
Pixel sums_at(ivec2 at) {
#if CHANNELS == 1
    return texelFetch(sums, at, 0).r;
#else
    return texelFetch(sums, at, 0);
#endif
}

Pixel row_sum(ivec2 first) {
    Pixel total = Pixel(0.0);
    SUM(1, COLS, sums_at)
    return total;
}
#endif

// From the sum to the sample: divisor, offset, alpha, scale.
Pixel finished(Pixel sum, ivec2 middle) {
#if ALPHA == 1
    float missing = params.weight_sum - sum.a / params.white;
    if (abs(missing) > 1e-6 * params.weight_size) sum.rgb += missing * pixel_at(middle).rgb;
#endif
    Pixel value = sum / params.divisor + params.offset;
#if ALPHA == 2
    value.a -= params.offset;
    float share = min(value.a / params.white, 1.0);
    if (share > 0.0) value.rgb = (value.rgb - params.offset) / share + params.offset;
#elif CHANNELS == 2 || CHANNELS == 4
    value.a = pixel_at(middle).a;
#endif
    if (params.result_white != params.white) value = value * params.result_white / params.white;
    return value;
}

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (at.x >= params.width || at.y >= params.height) return;
#if PASS == 1
    // Column at.x of the sums is column sums_first + at.x of the endless picture.
    imageStore(target, at, TO_SUMS(weighted_sum(ivec2(at.x + params.sums_first, at.y * STRIDE - params.top))));
#else
    ivec2 result = at + ivec2(params.first_col, params.first_row);
#if PASS == 0
    Pixel sum = weighted_sum(result * STRIDE - ivec2(params.left, params.top));
#else
    Pixel sum = row_sum(ivec2(result.x * STRIDE - params.left - params.sums_first, at.y));
#endif
    Pixel value = finished(sum, result * STRIDE);
#if WHOLE
    imageStore(target, result, uvec4(TO_TEXEL(roundEven(clamp(value, Pixel(0.0), Pixel(params.result_white))))));
#else
    imageStore(target, result, TO_TEXEL(value));
#endif
#endif
}
