using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tools.Tests.Mini;

/// <summary>The renderer and the trainer of src/mini, whose tests are Python's: tests/mini.</summary>
public sealed class PythonTests
{
    [SkippableTheory]
    [InlineData("test_renderer.py")] // a seed gives the same scene, and labels fit images
    [InlineData("test_training.py")] // crops, texts, losses, and a run that goes on where it was
    public void Tests_of_the_encoders_trainer_pass(string file) =>
        PythonScript.RunTests("python3-numpy, python3-opencv, python3-torch", "mini", file);
}
