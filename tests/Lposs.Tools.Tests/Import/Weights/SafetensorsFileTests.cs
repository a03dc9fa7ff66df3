using Lposs.Tests.Support;
using Lposs.Tools.Import.Weights;
using Xunit;

namespace Lposs.Tools.Tests.Import.Weights;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private SafetensorsFile Open(byte[] contents) => new(_folder.Save("w.safetensors", contents));

    private string Refusal(byte[] contents)
    {
        string sentence = Failing.With(LpossErrorCode.InvalidWeights, () => Open(contents).Dispose()).Message;
        Assert.Contains("w.safetensors", sentence, StringComparison.Ordinal);
        return sentence;
    }

    [Fact]
    public void Float32_float16_and_bfloat16_are_read_exactly()
    {
        using var file = Open(
            SafetensorsBuilder.File(
                """{"__metadata__":{"format":"pt"},"b":{"dtype":"F16","shape":[2],"data_offsets":[4,8]},"""
                    + """ "a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"""
                    + """ "c":{"dtype":"BF16","shape":[1,2],"data_offsets":[8,12]},"""
                    + """ "e":{"dtype":"F32","shape":[0,3],"data_offsets":[12,12]}}   """,
                0,
                0,
                0x80,
                0x3f,
                0x00,
                0x3c,
                0xff,
                0x7b,
                0x80,
                0x3f,
                0x20,
                0xc0
            )
        );
        Assert.Equal([1f], file.ReadFloats(file.Tensors["a"]));
        Assert.Equal([1f, 65504f], file.ReadFloats(file.Tensors["b"]));
        Assert.Equal([1f, -2.5f], file.ReadFloats(file.Tensors["c"]));
        Assert.Empty(file.ReadFloats(file.Tensors["e"]));
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal("1 x 2", file.Tensors["c"].ShapeText);
    }

    [Fact]
    public void Another_type_is_refused_when_it_is_asked_for()
    {
        using var file = Open(
            SafetensorsBuilder.File("""{"ids":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}""", new byte[8])
        );
        Assert.Contains(
            "tensor 'ids' in I64; weights are read in F32",
            Failing.With(LpossErrorCode.InvalidWeights, () => file.ReadFloats(file.Tensors["ids"])).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "the file is cut short")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "4 bytes at its end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "4 bytes before tensor 'a'")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"""
            + """ "b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""",
        8,
        "'a' and 'b' in the same bytes"
    )]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "has 8 bytes; 3 of F32 are 12")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}""",
        8,
        "more than a file can hold"
    )]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}""", 8, "no whole number of 0 or more")]
    [InlineData("""{"a":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", 8, "no whole number of 0 or more")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "must be a beginning and an end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":["0",8]}}""", 8, "must be a beginning and an end")]
    [InlineData("""{"a":{"dtype":"Q4","shape":[2],"data_offsets":[0,8]}}""", 8, "the type 'Q4'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}""", 4, "9 dimensions")]
    [InlineData("""{"a":{"shape":[2]}}""", 8, "without dtype, shape and data_offsets")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"""
            + """ "a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        8,
        "not valid JSON"
    )]
    [InlineData("""[1]""", 0, "no JSON object")]
    [InlineData("""{"a":""", 0, "not valid JSON")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "not an object of texts")]
    public void A_header_that_does_not_add_up_is_refused(string header, int bytes, string sentence) =>
        Assert.Contains(sentence, Refusal(SafetensorsBuilder.File(header, new byte[bytes])), StringComparison.Ordinal);

    [Fact]
    public void What_is_no_safetensors_file_is_refused()
    {
        Assert.Contains("has 3 bytes", Refusal([1, 2, 3]), StringComparison.Ordinal);
        Assert.Contains(
            "but a PyTorch archive",
            Refusal([.. "PK\u0003\u0004"u8, .. new byte[100]]),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "its header alone 1000; it is cut short",
            Refusal([0xe8, 3, 0, 0, 0, 0, 0, 0, (byte)'{']),
            StringComparison.Ordinal
        );
        Assert.Contains("no header length", Refusal([.. Enumerable.Repeat((byte)0xff, 64)]), StringComparison.Ordinal);
        Assert.Contains(
            "does not exist",
            Failing.With(LpossErrorCode.InvalidWeights, () => new SafetensorsFile(_folder.At("none"))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "is a folder; name the safetensors file",
            Failing.With(LpossErrorCode.InvalidWeights, () => new SafetensorsFile(_folder.Root)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Any_cut_of_a_file_is_refused()
    {
        byte[] whole = SafetensorsBuilder.Floats(("a", [2], [1, 2]), ("b", [1, 1], [3]));
        for (int length = 0; length < whole.Length; length++)
            Refusal(whole[..length]);
        Open(whole).Dispose();
    }
}
