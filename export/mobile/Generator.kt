// Compiled and run with stand-ins for the classes of Android and LiteRT, not on Android.
import android.content.Context
import android.graphics.Bitmap
import android.graphics.Color
import com.google.ai.edge.litert.Accelerator
import com.google.ai.edge.litert.CompiledModel
import java.util.Random

/** Makes images with assets/generator.tflite, whose inputs and outputs are float32 in every precision,
 *  int8 too; numClasses is 0 where the generator takes no labels. */
class Generator(
    context: Context,
    private val latentDim: Int,
    private val numClasses: Int,
    private val size: Int,
    private val channels: Int
) {
    private val model = CompiledModel.create(
        context.assets, "generator.tflite", CompiledModel.Options(Accelerator.CPU))
    // By name: their order in the file is that of the alphabet.
    private val latents = model.createInputBuffer("latents")
    private val labels = if (numClasses > 0) model.createInputBuffer("labels") else null
    private val images = model.createOutputBuffer("images")

    fun generate(random: Random, label: Int = 0): Bitmap {
        val inputs = mutableMapOf("latents" to latents)
        latents.writeFloat(FloatArray(latentDim) { random.nextGaussian().toFloat() })
        if (labels != null) {
            // The graph cannot refuse one: it makes NaN of it.
            require(label in 0 until numClasses) { "no such class: $label of $numClasses" }
            labels.writeInt(intArrayOf(label))
            inputs["labels"] = labels
        }
        model.run(inputs, mapOf("images" to images))
        val x = images.readFloat()
        fun level(pixel: Int, channel: Int) = Math.round(
            (x[pixel * channels + channel.coerceAtMost(channels - 1)] + 1) * 127.5f).coerceIn(0, 255)
        val pixels = IntArray(size * size) { Color.rgb(level(it, 0), level(it, 1), level(it, 2)) }
        return Bitmap.createBitmap(pixels, size, size, Bitmap.Config.ARGB_8888)
    }
}
