// One step of a filter chain, or one of its two passes. GpuFilter puts "#version" and these definitions in front:
//   PASS              0 the whole kernel, 1 down (a column of it, sums are kept), 2 across (a row over those sums)
//   CHANNELS          of the picture, 1 to 4
//   SOURCE            the picture's sampler: sampler2D, or usampler2D for whole numbers
//   TARGET, FORMAT    the result's image type and its format: uimage2D, rgba8ui
//   WHOLE             1 where the result holds whole numbers: clamped and rounded to even
//   BORDER            0 constant, 1 replicate, 2 reflect, 3 symmetric, 4 circular
//   ALPHA             0 none or opaque, 1 kept, 2 filtered (AlphaRule)
//   COVERS            1 where alpha is kept and weights have different signs: |weight| * alpha is summed too (PASS 0)
//   MULTIPLIED        1 where the picture's colours are multiplied by alpha already (ChainPlace)
//   MULTIPLIES        1 where those of the result are to be
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

#if ALPHA != 0
// Alpha as it counts where it is not summed as it is.
float counted(float alpha) { return max(alpha, 0.0) / params.alpha_unit; }
#endif

// As it counts in the sums.
Pixel weighed_at(ivec2 at) {
    Pixel pixel = pixel_at(at);
#if ALPHA == 2 && MULTIPLIED
    pixel.a /= params.alpha_unit;
#elif ALPHA != 0
    pixel.a = counted(pixel.a);
#if MULTIPLIED
    if (pixel.a == 0.0) pixel.rgb = vec3(0.0);
#else
    pixel.rgb *= pixel.a;
#endif
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
#elif ALPHA == 1
        ivec2 nearest = clamp(at, ivec2(0), ivec2(params.source_width - 1, params.source_height - 1));
        float alpha = counted(pixel_at(nearest).a);
        return vec4(vec3(params.outside[0], params.outside[1], params.outside[2]) * alpha, alpha);
#else
        return vec4(params.outside[0], params.outside[1], params.outside[2], params.outside[3]);
#endif
    }
    return weighed_at(ivec2(x, y));
}

// The weighted sum from `first` on. Summed row by row, and at most 32 weights in one go, so that rounding stays small.
// Weights of zero are skipped.
#if COVERS
float cover = 0.0;  // the sum of |weight| * alpha
#define ADD(WEIGHT, VALUE)                    \
    {                                         \
        Pixel value = VALUE;                  \
        part += WEIGHT * value;               \
        part_cover += abs(WEIGHT) * value.a;  \
    }
#define BEGIN_PART part = Pixel(0.0), part_cover = 0.0
#define END_PART total += part, cover += part_cover
#else
#define ADD(WEIGHT, VALUE) part += WEIGHT * VALUE
#define BEGIN_PART part = Pixel(0.0)
#define END_PART total += part
#endif
#define SUM(ROW_COUNT, COL_COUNT, READ)                          \
    for (int row = 0; row < ROW_COUNT; ++row) {                  \
        Pixel part;                                              \
        float part_cover;                                        \
        BEGIN_PART;                                              \
        for (int col = 0; col < COL_COUNT; ++col) {              \
            float weight = weights[row * COL_COUNT + col];       \
            if (weight != 0.0) ADD(weight, READ(first + DILATION * ivec2(col, row))); \
            if ((col & 31) == 31) {                              \
                END_PART;                                        \
                BEGIN_PART;                                      \
            }                                                    \
        }                                                        \
        END_PART;                                                \
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

#if ALPHA == 1
// The colours' sum, divided by the mean of alpha: see AlphaRule::kept. Where all that is read is transparent the pixel
// stays as it is.
Pixel finished_kept(Pixel sum, ivec2 middle) {
    Pixel own = pixel_at(middle);
    float share = counted(own.a);
#if MULTIPLIED
    own.rgb = share == 0.0 ? vec3(0.0) : own.rgb / share;
#endif
#if !COVERS
    float cover = abs(sum.a);
#endif
    Pixel value = own;
    if (cover != 0.0 || params.weight_size == 0.0) {
        float mean = params.weight_size == 0.0 ? 1.0 : cover / params.weight_size;
        value.rgb = sum.rgb / mean;
#if COVERS
        value.rgb += (params.weight_sum - sum.a / mean) * own.rgb;
#endif
        value.rgb = value.rgb / params.divisor + params.offset;
    }
#if MULTIPLIES
    value.rgb *= share;
#endif
    return value;
}
#endif

// From the sum to the sample: divisor, offset, alpha, scale.
Pixel finished(Pixel sum, ivec2 middle) {
#if ALPHA == 1
    Pixel value = finished_kept(sum, middle);
#elif ALPHA == 2
    Pixel value = sum / params.divisor;
    vec3 straight = (value.a > 0.0 ? sum.rgb / sum.a : vec3(0.0)) + params.offset;
    float alpha = value.a + params.offset / params.alpha_unit;
#if MULTIPLIES
    if (params.offset != 0.0) value.rgb = straight * alpha;
#else
    value.rgb = alpha > 0.0 ? straight : vec3(0.0);
#endif
    value.a = value.a * params.alpha_unit + params.offset;
#else
    Pixel value = sum / params.divisor + params.offset;
#if CHANNELS == 2 || CHANNELS == 4
    value.a = pixel_at(middle).a;
#endif
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
