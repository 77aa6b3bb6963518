package page

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"glyph/internal/browser"
)

// telephone is a photograph of 12 megapixels of a dark bar on a sheet on a table.
func telephone(t *testing.T) []byte {
	t.Helper()
	m := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	r := rand.New(rand.NewPCG(1, 2))
	for y := range 3000 {
		for x := range 4000 {
			light := 210 - x/40
			switch p := image.Pt(x, y); {
			case p.In(image.Rect(1800, 900, 2100, 2100)):
				light = 50
			case !p.In(image.Rect(400, 300, 3700, 2700)):
				light = 90
			}
			m.Y[m.YOffset(x, y)] = uint8(light + int(r.Uint32()>>28))
		}
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = 128, 128
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestTelephone reads a photograph of 12 megapixels, as it is and through the
// page, which shows it and what was taken as ink.
func TestTelephone(t *testing.T) {
	photo := telephone(t)
	if len(photo) < 4<<20 {
		t.Fatalf("the photograph has only %d bytes", len(photo))
	}
	w := ask(handler(t), "POST", "/predict", "image/jpeg", photo, nil)
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"size":[4000,3000]`) || !strings.Contains(w.Body.String(), `"surroundings":true`) {
		t.Errorf("status %d: %.300s", w.Code, w.Body)
	}
	path := filepath.Join(t.TempDir(), "photo.jpg")
	if err := os.WriteFile(path, photo, 0o666); err != nil {
		t.Fatal(err)
	}
	page := open(t)
	page.Upload("#file", path)
	page.Until(`/%|\./.test(` + verdict + `)`)
	if said := page.Text(verdict); !strings.Contains(said, "%") {
		t.Fatalf("the page says %q", said)
	}
	if said := page.Text(`document.getElementById("reading").textContent`); !strings.Contains(said, "1600×1200") || !strings.Contains(said, "surroundings of the paper") {
		t.Errorf("it was read as %q", said)
	}
	// The outline is where the bar is: 4000 pixels are shown on 448, from row 56 on.
	page.Until(`(() => { const d = marks.getImageData(200, 190, 4, 1).data; return d.some((v, i) => i % 4 == 3 && v > 200); })()`)
	if page.Text(`String(brush.getImageData(202, 190, 1, 1).data[3])`) != "255" {
		t.Error("the picture is not on the paper")
	}
	page.drag([][2]float64{{100, 60}, {140, 300}})
	page.settle()
	if page.Text(`String(brush.getImageData(202, 190, 1, 1).data[3])`) != "0" {
		t.Error("the picture stays behind a drawing")
	}
	page.dropAndPaste()
}

// dropAndPaste drops a picture of three letters on the page, looks at each of them, and
// pastes one of a single letter, in a format that only the browser reads.
func (p tab) dropAndPaste() {
	p.t.Helper()
	letters := base64.StdEncoding.EncodeToString(letters(color.Black, color.Black, color.Black))
	p.Do(`fetch = (ask => (...args) => { window.asked = args[0]; return ask(...args); })(fetch);
		window.given = (text, type) => { const d = new DataTransfer(); d.items.add(new File([Uint8Array.from(atob(text), c => c.charCodeAt(0))], "a", {type})); return d; };
		document.dispatchEvent(new DragEvent("drop", {dataTransfer: given("` + letters + `", "image/png"), bubbles: true, cancelable: true}))`)
	p.Until(`document.querySelectorAll("#several button").length == 3`)
	p.settle()
	p.Do(`document.querySelectorAll("#several button")[2].click()`)
	p.Until(`document.querySelectorAll("#several button")[2].getAttribute("aria-pressed") == "true"`)
	if asked, said := p.Text(`asked`), p.Text(`reading.textContent`); !strings.HasPrefix(asked, "explain?x=2") || !strings.Contains(said, "character 3 of 3") {
		p.t.Errorf("the third of three asks %q and is read as %q", asked, said)
	}
	p.Do(`(async () => {
		const c = new OffscreenCanvas(120, 120), b = c.getContext("2d");
		b.fillStyle = "white"; b.fillRect(0, 0, 120, 120); b.fillStyle = "black"; b.fillRect(40, 20, 20, 80);
		const d = new DataTransfer();
		d.items.add(new File([await c.convertToBlob({type: "image/webp"})], "a.webp", {type: "image/webp"}));
		document.dispatchEvent(new ClipboardEvent("paste", {clipboardData: d, bubbles: true, cancelable: true}));
	})()`)
	p.Until(`$("several").hidden && reading.textContent.startsWith("120×120")`)
}

// TestWhatWentWrong gives the page every kind of answer that is none: it says what
// happened, and draws and asks on.
func TestWhatWentWrong(t *testing.T) {
	page := open(t)
	page.Do(`window.right = window.fetch`)
	for i, c := range []struct{ answer, says string }{
		{`right`, "%"},
		{`() => Promise.reject(new TypeError("gone"))`, "is not responding"},
		{`async () => new Response('{"error": "the server is busy"}', {status: 503})`, "The server is busy."},
		{`async () => new Response("<html>Bad gateway", {status: 502})`, "status 502"},
		{`async () => new Response('{"top": [', {status: 200})`, "status 200"},
		{`async () => new Response("null", {status: 200})`, "status 200"},
		{`right`, "%"},
	} {
		page.Do(`window.fetch = ` + c.answer)
		page.drag([][2]float64{{100 + float64(20*i), 60}, {140, 300}})
		page.Until(verdict + `.includes(` + browser.Quoted(c.says) + `)`)
		page.settle()
		if old := page.Text(`String(last === null)`); (old == "true") == (c.answer == "right") {
			t.Errorf("after %s no answer is kept: %s", c.answer, old)
		}
	}
	page.Do(`HTMLCanvasElement.prototype.toBlob = done => done(null)`)
	page.drag([][2]float64{{60, 60}, {140, 300}})
	page.Until(verdict + `.includes("can't make a picture")`)
	if n := page.Text(`String(brightness("pixels"))`); n != strconv.Itoa(0) {
		t.Errorf("what the network saw of the last picture stays: %s", n)
	}
}

// Whatever is chosen as a picture, the server's reason is shown.
func TestNoPicture(t *testing.T) {
	path := filepath.Join(t.TempDir(), "note.png")
	if err := os.WriteFile(path, []byte("a note"), 0o666); err != nil {
		t.Fatal(err)
	}
	page := open(t)
	page.Upload("#file", path)
	page.Until(verdict + `.startsWith("The picture is not a PNG")`)
	page.Upload("#file", filepath.Join(filepath.Dir(path), "gone.png")) // moved away since it was chosen
	page.Until(verdict + ` === "The picture can't be read: choose it again."`)
}
