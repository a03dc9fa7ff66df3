using System.Text.Json.Nodes;
using Lposs.Bundles;

namespace Lposs.Tests.Support;

/// <summary>A bundle whose encoders give each patch's means.</summary>
internal static class MeansEncoders
{
    /// <summary>A bundle whose image encoders are both a model of a test, with windows of 32 pixels.</summary>
    public static TestBundle Bundle(byte[] model, int patch, int crop = 32, int stride = 16)
    {
        var folder = new TestBundle();
        folder.Put("means.onnx", model);
        folder.Edit(manifest =>
        {
            foreach (string encoder in (string[])["vlm", "vm"])
            {
                manifest[encoder]!["file"] = "means.onnx";
                manifest[encoder]!["output"] = "mean";
                manifest[encoder]!["patch_size"] = patch;
            }
            manifest["image"] = new JsonObject
            {
                ["short_side"] = crop,
                ["long_side"] = 65_536,
                ["crop"] = crop,
                ["stride"] = stride,
            };
        });
        return folder;
    }
}
