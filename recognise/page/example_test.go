package page_test

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"glyph/cpu"
	"glyph/kmnist"
	"glyph/models"
	"glyph/recognise"
	"glyph/recognise/page"
)

// The page is an http.Handler. It asks for style.css, show.js, draw.js and explain
// beside it, so it can be mounted below any path that ends with a slash. This network is not
// trained; runs.Open gives one that is.
func ExampleHandler() {
	backend := cpu.New[float32](1)
	defer backend.Close()
	network, err := models.New(backend, models.Spec{Model: "mlp", Hidden: []int{8}}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	network.Init(1)
	predictor, err := models.NewPredictor(backend, network, []float32{48}, []float32{1.0 / 88})
	if err != nil {
		fmt.Println(err)
		return
	}
	recogniser, err := recognise.New(predictor, kmnist.Characters(), page.MaxPixels)
	if err != nil {
		fmt.Println(err)
		return
	}
	contents := page.Page{Model: "mlp"}
	for _, c := range kmnist.Characters() {
		contents.Classes = append(contents.Classes, page.Class{Symbol: c.Symbol, Name: c.Name})
	}
	handler, err := page.Handler(recogniser, contents, page.Options{Log: log.New(os.Stderr, "", log.LstdFlags)})
	if err != nil {
		fmt.Println(err)
		return
	}

	// http.ListenAndServe("localhost:8080", handler), or page.Run.
	server := httptest.NewServer(handler)
	defer server.Close()
	reply, err := http.Post(server.URL+"/predict", "application/json", strings.NewReader(`{"image": "bm8gcGljdHVyZQ=="}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer reply.Body.Close()
	fmt.Println(reply.Status)
	// Output: 415 Unsupported Media Type
}
